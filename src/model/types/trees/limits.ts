/** Bounds of what a model file may hold. Real models stay far below; a file that lies ends here, not in memory. */
export const limits = {
  /** Levels of a tree: the longest way from its root to a leaf. */
  maxDepth: 4096,
  /** Features of a model. */
  maxFeatures: 1 << 18,
  /** Classes, outputs or targets of a model. */
  maxOutputs: 1 << 16,
  /** Nodes of all trees together, leaves included: their positions are 32-bit numbers of four a node. */
  maxNodes: 1 << 27,
  /** Objects and lists within one another in a JSON document. */
  maxNesting: 256,
} as const;
