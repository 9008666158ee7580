/** The part of the WebAssembly interface that the tee uses; TypeScript has it only among the types of browsers. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
}

declare module "*/llhttp-binary.cjs" {
  const llhttp: { readonly binary: Uint8Array<ArrayBuffer> };
  export default llhttp;
}
