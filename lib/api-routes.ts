import { readFileSync } from "node:fs";
import { HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";

export interface ApiRoute {
  readonly path: string;
  readonly methods: HttpMethod[];
}

const METHODS: Readonly<Record<string, HttpMethod>> = {
  get: HttpMethod.GET,
  post: HttpMethod.POST,
  put: HttpMethod.PUT,
  delete: HttpMethod.DELETE,
};

const document = JSON.parse(readFileSync(new URL("../docs/openapi.json", import.meta.url), "utf8")) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** Every path of the API with its methods, as the document generated from the API's own table of routes has them. */
export const API_ROUTES: readonly ApiRoute[] = Object.entries(document.paths).map(([path, operations]) => ({
  path,
  methods: Object.keys(operations).map((method) => METHODS[method]!),
}));
