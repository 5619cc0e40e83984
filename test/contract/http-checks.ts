import type { Source } from "../../src/data/types.ts";
import { type Check, equal, refused } from "./check.ts";

/** What files behind a web server are tested with: `test/runtimes/data/http-server.ts` answers. */
export interface HttpSetup {
  readonly origin: string;
  /** Another server, which answers with the header `authorization` that it got. */
  readonly other: string;
  /** A server that nobody answers for. */
  readonly away: string;
  /** A text file at a path, with what stands beside it in the entry. */
  open(path: string, entry?: object): Promise<Source>;
}

const unavailable = /^DATA_UNAVAILABLE$/;

/** What fetch does differs between runtimes; what a source does must not. */
export const httpChecks: readonly Check<HttpSetup>[] = [
  {
    name: "follows a redirect",
    run: async ({ open, origin }) => equal(await (await open(`${origin}/moved`)).text(), "plain"),
  },
  {
    name: "follows no redirect to another scheme, nor for ever",
    async run({ open, origin }) {
      const file = await open(`${origin}/to-file`);
      await refused(() => file.text(), unavailable, /redirects to file:, which is refused/);
      const loop = await open(`${origin}/loop`);
      await refused(() => loop.text(), unavailable, /more than 10 redirects/);
    },
  },
  {
    name: "gives credentials to the server that they are for, and to no other",
    async run({ open, origin, other }) {
      const withUser = (url: string) => url.replace("://", "://jane:p%C3%A4ss@");
      equal(await (await open(`${withUser(other)}/x`)).text(), "Basic amFuZTpww6Rzcw==");
      equal(await (await open(`${withUser(origin)}/away`)).text(), "nothing");
      const headers = { authorization: "Bearer t" };
      equal(await (await open(`${other}/x`, { headers })).text(), "Bearer t");
      equal(await (await open(`${origin}/away`, { headers })).text(), "nothing");
    },
  },
  {
    name: "undoes gzip once, whoever did it",
    async run({ open, origin }) {
      equal(await (await open(`${origin}/zipped`)).text(), "zipped");
      equal(await (await open(`${origin}/encoded.csv.gz`)).text(), "encoded");
      const cut = await open(`${origin}/cut.gz`);
      await refused(() => cut.text(), /^DATA_INVALID$/, /found damaged bytes, or not all of them/);
    },
  },
  {
    name: "waits no longer than it is told, for an answer and for every piece of it",
    async run({ open, origin }) {
      for (const path of ["/never", "/half"]) {
        const slow = await open(origin + path, { timeout: 0.3 });
        await refused(() => slow.text(), unavailable, /no answer within 0\.3 seconds/);
      }
    },
  },
  {
    name: "says what went wrong, and no secret",
    async run({ open, origin, away }) {
      const refusing = await open(`${origin}/403?sig=hidden`);
      await refused(() => refusing.text(), unavailable, /^(?!.*hidden).*answered 403/);
      const nobody = await open(`${away.replace("://", "://jane:hidden@")}/x?sig=hidden`);
      await refused(() => nobody.text(), unavailable, /^(?!.*hidden).*cannot be reached/);
      const broken = await open(`${origin}/broken`);
      await refused(() => broken.text(), unavailable, /\/broken: cannot be read: /);
    },
  },
];
