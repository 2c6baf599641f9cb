const unusedResources = new WeakSet<object>();

/** A class for a resource that nobody can ever hold. */
export function unusedResource(): object {
  const resource = emptyClass();
  unusedResources.add(resource);
  return resource;
}

function emptyClass(): object {
  return function resource(): void {};
}

export function isUnusedResource(resource: object): boolean {
  return unusedResources.has(resource);
}
