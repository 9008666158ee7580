/** A call that hangs must fail, be retried by the SDK and then be told: the default is to warn and to wait for ever. */
export const requestHandler = {
  connectionTimeout: 2_000,
  requestTimeout: 10_000,
  throwOnRequestTimeout: true,
} as const;
