// Owns the module node:buffer.

const { Buffer, constants, kMaxLength, SlowBuffer } = $host.node;
const { atob, btoa } = globalThis;

export { atob, btoa, Buffer, constants, kMaxLength, SlowBuffer };
export default { atob, btoa, Buffer, constants, kMaxLength, SlowBuffer };
