/** It comes without types; what is used of it is described in `src/data/sql/dialects/oracle.ts`. */
declare module "oracledb" {
  const oracledb: Readonly<Record<string, unknown>>;
  export default oracledb;
}
