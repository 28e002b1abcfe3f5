// Owns the library `fermata-vm/intl-segmentation`: the properties of characters by which Intl.Segmenter finds boundaries. Only programs that
// mention `Segmenter` have it.

import segmentation from "intl-data:segmentation";

$host.intlSegmentation = segmentation;
