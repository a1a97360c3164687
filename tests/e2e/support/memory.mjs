/** What workerd holds. */
import { readdirSync, readFileSync } from "node:fs";

/** Megabytes resident in every workerd that this process has started. */
export function residentMegabytes() {
  const statuses = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap(status);
  const children = (parent) => statuses.filter(({ ppid }) => ppid === parent).flatMap((it) => [it, ...children(it.pid)]);
  const workers = children(process.pid).filter(({ name }) => name === "workerd");
  if (workers.length === 0) throw new Error("no workerd runs");
  return workers.reduce((sum, { kilobytes }) => sum + kilobytes, 0) / 1024;
}

function status(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name) => text.match(new RegExp(`^${name}:\\s+(\\S+)`, "m"))?.[1];
    return [{ pid: Number(pid), ppid: Number(field("PPid")), name: field("Name"), kilobytes: Number(field("VmRSS") ?? 0) }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
