import "./styles/main.css";

import { revealActions, startActions } from "./actions";
import { prepareAnnouncements } from "./announce";
import { hideSubmitButtons, startAutosubmit } from "./autosubmit";
import { NbChart } from "./chart/element";
import { NbMap } from "./map/element";
import { enhanceParts, startParts } from "./parts";
import { enhancePicks } from "./picks";
import { NbSearch } from "./search";
import { enhanceSliders } from "./sliders";
import { enhanceTables } from "./table";

function enhance(root: ParentNode): void {
  enhanceTables(root);
  enhanceParts(root);
  enhancePicks(root);
  enhanceSliders(root);
  hideSubmitButtons(root);
  revealActions(root);
}

document.documentElement.classList.add("nb-script");
prepareAnnouncements();
startAutosubmit();
startActions();
startParts();
customElements.define("nb-search", NbSearch);
customElements.define("nb-map", NbMap);
customElements.define("nb-chart", NbChart);
enhance(document);
// Parts of the page that htmx swapped in are taken care of the same way.
document.addEventListener("htmx:after:process", () => enhance(document));
