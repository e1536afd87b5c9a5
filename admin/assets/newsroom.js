// What the newsroom's pages can do beyond plain HTML. Every page works without it.
import { besides } from "./beside.js";
import { carries } from "./carrying.js";
import { copyButtons } from "./copying.js";
import { editors } from "./editing.js";
import { goingOn } from "./going-on.js";
import { autosaves } from "./keeping.js";
import { linking } from "./linking.js";
import { passages } from "./passages.js";
import { pickers } from "./picking.js";
import { pictures } from "./pictures.js";
import { presences } from "./present.js";
import { growingRows } from "./rows.js";
import { guardUnsaved } from "./leaving.js";

editors(document);
pickers(document);
pictures(document);
linking(document);
growingRows(document);
copyButtons(document);
guardUnsaved(document);
autosaves(document);
presences(document);
besides(document);
passages(document);
carries(document);
goingOn(document);
