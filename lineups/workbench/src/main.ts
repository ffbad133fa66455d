import { createApp } from "vue";
import { Api } from "./api";
import ListScreen from "./components/ListScreen.vue";
import WorkbenchScreen from "./components/WorkbenchScreen.vue";
import "./styles.css";

const place = document.querySelector<HTMLElement>("#ligan");
if (place) {
  const api = new Api();
  const lineup = /^\/lineups\/([0-9a-f-]{36})\/$/.exec(location.pathname)?.[1];
  const app = lineup ? createApp(WorkbenchScreen, { id: lineup, api }) : createApp(ListScreen, { api });
  app.mount(place);
}
