/** How a host opens a volume: what it is on its own backend. Told by the volume's block backend, which alone knows. */
export type LunSource =
  | { readonly kind: 'rbd'; readonly pool: string; readonly image: string; readonly conf?: string; readonly client?: string }
  | { readonly kind: 'file'; readonly path: string }
  /** A volume of the array that is the target backend itself. */
  | { readonly kind: 'array'; readonly volume: string };
