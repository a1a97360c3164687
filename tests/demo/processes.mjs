/** Child processes in groups of their own, so that stopping one stops what it started, and Ctrl-C reaches only us. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";

const PATIENCE = 4_000;

/** Starts a program as the leader of a process group. */
export function start(program, args, options = {}) {
  return spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], ...options });
}

/** Ends the whole group, with force if asking does not help. */
export async function stop(child) {
  if (child.pid === undefined || !signal(child, "SIGTERM")) return;
  const deadline = Date.now() + PATIENCE;
  while (signal(child, 0)) {
    if (Date.now() > deadline) signal(child, "SIGKILL");
    await Promise.race([after(50), running(child) ? once(child, "exit") : after(50)]);
  }
}

const running = (child) => child.exitCode === null && child.signalCode === null;

/** @returns {boolean} false when the group is gone */
function signal(child, name) {
  try {
    return process.kill(-child.pid, name);
  } catch {
    return false;
  }
}
