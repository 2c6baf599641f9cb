import * as clock from "./clock";
import * as configuration from "./configuration";
import * as directory from "./directory";
import * as introspection from "./introspection";
import * as messaging from "./messaging";
import * as metrics from "./metrics";
import * as storage from "./storage";

export { Actor, register } from "./actor";
export { Answer, Health, Output } from "./answers";
export { log, LogLevel } from "./logging";
export { ComponentConfig, ComponentId, ComponentMessage, ExecutionContext, Metadata } from "./message";
export { DeferResult, MessagingError, MessagingErrorKind, PublishResult, RequestResult } from "./messaging";
export { ComponentEntry } from "./directory";
export { FileAction, MessagingAction, Permission, Permissions } from "./introspection";
export {
  Change,
  GetResult,
  KeyPage,
  StorageError,
  StorageErrorKind,
  StorageResult,
  StorageUsage,
  StoredValue,
} from "./storage";
export { clock, configuration, directory, introspection, messaging, metrics, storage };
