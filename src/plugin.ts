// What authors of data types and model types import: `mllaunchpad/plugin`.

export { type Expected, expected, type OptionReader, readOptions } from "./data/access/options.ts";
export { defineSink, defineSource, type Plugin, pluginsFrom } from "./data/access/plugin.ts";
export { concatFrames, createFrame, frameFromRows, isFrame } from "./data/frame/frame.ts";
export { type Location, type LocationParts, openLocation } from "./data/location/open-location.ts";
export type {
  Cell,
  Column,
  ColumnInput,
  DType,
  Frame,
  OpenContext,
  Params,
  ReadRequest,
  Row,
  SinkDriver,
  SinkType,
  SourceDriver,
  SourceType,
} from "./data/types.ts";
export { isLaunchpadError, LaunchpadError, messageOf } from "./errors.ts";
export type { Content, DataLocation, LocationSettings, OpenDataLocation } from "./host.ts";
export type { Child, ChildEvents, StartChild } from "./model/host/child.ts";
export { createHostModel, type HostModel, type HostModelOptions } from "./model/host/host-model.ts";
export type { ModelType, ModelTypeContext, OpenModel } from "./model/types/model-type.ts";
export { defineModelType, modelTypesFrom } from "./model/types/plugin.ts";
export type { Json } from "./util/json.ts";
export { bytesOf, encodeUtf8 } from "./util/streams.ts";
