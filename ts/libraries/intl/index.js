// Owns the library `fermata-vm/intl-format`: the object Intl, and the methods of builtins that ask it for texts. Each service is in its own folder.

import { installDateTimeFormat } from "./dates/date-time-format.js";
import { installDateTexts } from "./dates/to-locale-string.js";
import { installIntl } from "./locale/intl.js";
import { installLocale } from "./locale/locale.js";
import { installNumberFormat } from "./number/number-format.js";
import { installNumberTexts } from "./number/to-locale-string.js";
import { installPluralRules } from "./plural/plural-rules.js";

const Intl = installIntl();
installLocale(Intl);
installNumberFormat(Intl);
installNumberTexts();
installPluralRules(Intl);
installDateTimeFormat(Intl);
installDateTexts();
