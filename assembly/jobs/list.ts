// Owns the lists of jobs and tasks. Must never run one.
import { addressOf, boxCell, UNDEFINED } from "../core/value";
import { REACTION_NEXT, REACTION_TARGET } from "../generated/kinds";
import { VM_JOB_HEAD, VM_JOB_TAIL } from "../generated/layout";

/** Appends a job. */
export function enqueueJob(job: usize): void {
  const tail = <usize>load<u32>(VM_JOB_TAIL);
  if (tail == 0) {
    store<u32>(job, load<u32>(VM_JOB_HEAD), REACTION_NEXT);
    store<u32>(VM_JOB_HEAD, <u32>job);
  } else {
    store<u32>(job, load<u32>(tail, REACTION_NEXT), REACTION_NEXT);
    store<u32>(tail, <u32>job, REACTION_NEXT);
  }
  store<u32>(VM_JOB_TAIL, <u32>job);
}

/** The first task; 0 if no task is queued. */
export function firstTask(): usize {
  const tail = <usize>load<u32>(VM_JOB_TAIL);
  return <usize>(tail == 0 ? load<u32>(VM_JOB_HEAD) : load<u32>(tail, REACTION_NEXT));
}

/** Appends a task (a REACTION of kind TASK): it runs when no job is left. */
export function enqueueTask(task: usize): void {
  const tail = <usize>load<u32>(VM_JOB_TAIL);
  const first = firstTask();
  store<u32>(task, 0, REACTION_NEXT);
  if (first == 0) {
    store<u64>(task, boxCell(task), REACTION_TARGET);
    if (tail == 0) store<u32>(VM_JOB_HEAD, <u32>task);
    else store<u32>(tail, <u32>task, REACTION_NEXT);
    return;
  }
  store<u32>(addressOf(load<u64>(first, REACTION_TARGET)), <u32>task, REACTION_NEXT);
  store<u64>(task, UNDEFINED, REACTION_TARGET);
  store<u64>(first, boxCell(task), REACTION_TARGET);
}
