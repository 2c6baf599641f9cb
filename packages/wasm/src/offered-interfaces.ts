import type { HostImports, InterfaceListing, PreparedComponent } from "@airssys/engine";

/** What a host offers, as an incarnation of a component sees it: it does not matter to it which there are. */
export interface OfferedInterfaces<Incarnation> {
  /** Whether any of these functions may have the component wait. Such a component cannot be run to the end of each call. */
  mayWait(imports: readonly InterfaceListing[]): boolean;
  /** The host functions for one incarnation: of the interfaces it imports, and no others. */
  importsFor(component: PreparedComponent, incarnation: Incarnation): HostImports;
}
