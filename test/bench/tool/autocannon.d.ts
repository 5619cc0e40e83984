declare module "autocannon" {
  interface Result {
    /** In seconds. */
    readonly duration: number;
    readonly errors: number;
    readonly timeouts: number;
  }
  interface Run {
    on(
      event: "response",
      listener: (client: object, status: number, bytes: number, milliseconds: number) => void,
    ): void;
  }
  export default function autocannon(
    options: {
      readonly url: string;
      readonly duration: number;
      readonly connections: number;
      readonly overallRate?: number;
    },
    done: (error: Error | null, result: Result) => void,
  ): Run;
}
