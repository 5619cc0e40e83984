import { describe, expect, it } from "vitest";
import { staysOutside, zoneOf } from "../../../src/util/private-host.ts";

describe("the zone of a host", () => {
  it.each([
    ["http://example.org/", "public"],
    ["http://8.8.8.8/", "public"],
    ["http://172.32.0.1/", "public"],
    ["http://[2001:db8::1]/", "public"],
    ["http://localhost/", "loopback"],
    ["http://LOCALHOST./", "loopback"],
    ["http://a.localhost/", "loopback"],
    ["http://127.9.9.9/", "loopback"],
    ["http://0x7f.1/", "loopback"],
    ["http://2130706433/", "loopback"],
    ["http://0.0.0.0/", "loopback"],
    ["http://[::1]/", "loopback"],
    ["http://[::]/", "loopback"],
    ["http://[::ffff:127.0.0.1]/", "loopback"],
    ["http://169.254.169.254/latest/meta-data", "link-local"],
    ["http://[::ffff:169.254.169.254]/", "link-local"],
    ["http://[fe80::1]/", "link-local"],
    ["http://10.0.0.1/", "private"],
    ["http://172.16.0.1/", "private"],
    ["http://192.168.1.1/", "private"],
    ["http://100.64.0.1/", "private"],
    ["http://[fd00::1]/", "private"],
    ["http://[64:ff9b::a00:1]/", "private"],
    ["http://metadata.google.internal/", "private"],
    ["http://printer.local/", "private"],
    ["http://db/", "private"],
  ])("%s is %s", (url, zone) => {
    expect(zoneOf(new URL(url).hostname)).toBe(zone);
  });

  it("lets redirects lead out, and not in", () => {
    const may = (from: string, to: string) => staysOutside(new URL(`https://${from}`), new URL(`https://${to}`));
    expect(may("example.org", "cdn.example.com")).toBe(true);
    expect(may("10.0.0.1", "example.org")).toBe(true);
    expect(may("10.0.0.1", "192.168.0.1")).toBe(true);
    expect(may("localhost", "10.0.0.1")).toBe(true);
    expect(may("localhost:1", "127.0.0.1:2")).toBe(true);
    for (const to of ["10.0.0.1", "localhost", "169.254.169.254", "db"]) expect(may("example.org", to)).toBe(false);
    for (const from of ["10.0.0.1", "localhost"]) expect(may(from, "169.254.169.254")).toBe(false);
    expect(may("10.0.0.1", "localhost")).toBe(false);
  });
});
