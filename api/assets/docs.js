// The documentation's page: finding a call, and trying it. Without scripts every call is shown, and no field.
import { find } from "./finding.js";
import { offer } from "./trying.js";

find(document.querySelector("[data-find]"));
document.querySelectorAll("[data-try]").forEach(offer);
