// Owns the library `fermata-vm/intl-format`: the object Intl, and the methods of builtins that ask it for texts. Each service is in its own folder.

import { installCollator } from "./collator/collator.js";
import { installDateTimeFormat } from "./dates/date-time-format.js";
import { installDateTexts } from "./dates/to-locale-string.js";
import { installIntl } from "./locale/intl.js";
import { installDurationFormat } from "./duration/duration-format.js";
import { installListFormat } from "./list/list-format.js";
import { installLocale } from "./locale/locale.js";
import { installDisplayNames } from "./names/display-names.js";
import { installNumberFormat } from "./number/number-format.js";
import { installNumberTexts } from "./number/to-locale-string.js";
import { installPluralRules } from "./plural/plural-rules.js";
import { installRelativeTimeFormat } from "./relative/relative-time-format.js";
import { installSegmenter } from "./segmenter/segmenter.js";
import { installArrays } from "./text/arrays.js";
import { installCases } from "./text/case.js";

const Intl = installIntl();
installLocale(Intl);
installNumberFormat(Intl);
installNumberTexts();
installPluralRules(Intl);
installDateTimeFormat(Intl);
installDateTexts();
installCollator(Intl);
installListFormat(Intl);
installRelativeTimeFormat(Intl);
installDurationFormat(Intl);
installDisplayNames(Intl);
installSegmenter(Intl);
installArrays();
installCases();
