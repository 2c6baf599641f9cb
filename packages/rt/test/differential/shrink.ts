import type { Node, Script, StaticNode } from "./script.ts";

/** The smallest script that still differs and is made from this one by leaving things out. */
export async function shrink(script: Script, differs: (script: Script) => Promise<boolean>): Promise<Script> {
  for (const smaller of smallerThan(script)) {
    if (await differs(smaller)) return shrink(smaller, differs);
  }
  return script;
}

function* smallerThan(script: Script): Generator<Script> {
  const { root, failing, steps } = script;
  if (failing.length > 0) yield { ...script, failing: [] };
  for (let count = Math.floor(steps.length / 2); count >= 1; count = Math.floor(count / 2)) {
    for (let start = 0; start + count <= steps.length; start += count) {
      yield { ...script, steps: steps.toSpliced(start, count) };
    }
  }
  for (const smaller of smallerTrees(root)) yield { ...script, root: smaller };
}

function* smallerTrees(node: StaticNode): Generator<StaticNode> {
  for (const [index, child] of node.children.entries()) {
    yield { ...node, children: node.children.toSpliced(index, 1) };
    for (const smaller of simpler(child)) yield { ...node, children: node.children.with(index, smaller) };
  }
  if (node.autoShutdown === "never" && node.strategy !== "one-for-one") yield { ...node, strategy: "one-for-one" };
}

function* simpler(node: Node): Generator<Node> {
  switch (node.kind) {
    case "worker":
      return;
    case "dynamic":
    case "supervisor": {
      const { id, restart, significant } = node;
      yield { kind: "worker", id, restart, significant, shutdown: 5000 };
      if (node.kind === "supervisor") yield* smallerTrees(node);
    }
  }
}
