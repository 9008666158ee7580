// As a property: of what CommonJS exports a bundler makes each property a getter, and of these bytes that would be 55 000 (13 MB in each thread).
module.exports = { binary: require("undici/lib/llhttp/llhttp_simd-wasm.js") };
