// Owns the library `fermata-vm/intl-collation`: the orders of texts, which are data of Intl.Collator and `localeCompare`. Only programs that
// mention one of these have it.

import collation from "intl-data:collation";

$host.intlCollation = collation;
