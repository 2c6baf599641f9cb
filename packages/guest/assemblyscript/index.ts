import * as clock from "./clock";
import * as configuration from "./configuration";
import * as messaging from "./messaging";

export { Actor, register } from "./actor";
export { Answer, Health, Output } from "./answers";
export { log, LogLevel } from "./logging";
export { ComponentConfig, ComponentId, ComponentMessage, ExecutionContext, Metadata } from "./message";
export { MessagingError, MessagingErrorKind, PublishResult, RequestResult } from "./messaging";
export { clock, configuration, messaging };
