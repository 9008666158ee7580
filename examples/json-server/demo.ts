export { sendLoad } from "../load.ts";
export { portOrFree, startServices } from "./services.ts";
export { shopTraffic } from "./traffic.ts";
