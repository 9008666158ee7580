export { sendLoad } from "../load.ts";
export { startServices } from "./services.ts";
export { shopTraffic } from "./traffic.ts";
