/** Who calls. */
export interface Caller {
  /** Name in the configuration, or in a token. */
  readonly name: string;
  /** Whether the caller may ask something of a model, or of the server where there is no model. */
  readonly may: (target: Target) => boolean;
}

/** What a request asks. */
export interface Target {
  /** Template of the path. */
  readonly route: string;
  readonly model?: string | undefined;
  /** Whether it is the model that answers. */
  readonly predicts: boolean;
  /** Whether it asks for a token of its own: nothing else is asked for then. */
  readonly asksItself: boolean;
  /** Whether the body names the model: whoever reads it asks whether the caller may. */
  readonly modelInBody?: boolean | undefined;
}
