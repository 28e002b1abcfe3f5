// Owns the module node:process.

const { process } = $host.node;

export const { argv, cwd, env, exit, hrtime, nextTick, off, on, platform, stderr, stdout, uptime, version, versions } =
  process;
export default process;
