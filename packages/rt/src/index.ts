// Actors
export type {
  Actor,
  ActorContext,
  ActorFactory,
  ActorHost,
  AnyActor,
  AnyActorContext,
  AnyActorFactory,
  Handler,
  HealthReport,
  SpawnOptions,
  Terminated,
} from "./actor.ts";
export type { ActorRef, AnyActorRef, AskOptions, TellOptions } from "./actor-ref.ts";
export type { Timers } from "./actor-timers.ts";
export type { ActorLog, LogLevel, LogRecord, LogSink } from "./actor-log.ts";
export { consoleLog } from "./console-log.ts";
export type { MessageSchema, SchemaIssue, SchemaResult } from "./message-schema.ts";
export type { Stashed } from "./stash.ts";
export type { Answer, ReplyTo, Request } from "./request.ts";
export { refuse, Refusal } from "./refusal.ts";
export { replyLater, type LaterReply } from "./later-reply.ts";
export type { ExitReason } from "./exit-reason.ts";
export type { MailboxOptions, Overflow, Priority } from "./mailbox.ts";

// The system
export { ActorSystem, type ActorSystemOptions } from "./actor-system.ts";
export type { DispatcherOptions } from "./dispatcher.ts";
export type { ActorCounters, TreeNode } from "./tree-node.ts";
export { systemClock, type Clock, type Timer } from "./clock.ts";
export type { Registry } from "./registry.ts";
export type { Group } from "./group.ts";

// Supervision
export type {
  ActorSpec,
  AnyDynamicSpec,
  ChildSpec,
  ChildTemplate,
  DynamicSpec,
  HealthCheckOptions,
  SupervisorSpec,
} from "./child-spec.ts";
export type { ChildCount, ChildInfo, SupervisorTerminated } from "./child-info.ts";
export type { AnyChildren, ChildOf, ChildrenOf, SupervisorNode } from "./supervisor-node.ts";
export type { DynamicSupervisor, StartArguments, StartOptions } from "./dynamic-supervisor.ts";
export { supervisor, type BuiltSpec, type SupervisorBuilder } from "./supervisor-builder.ts";
export type { AutoShutdown, Restart, Strategy } from "./restart-plan.ts";
export type { Intensity } from "./restart-intensity.ts";
export type { BackoffOptions } from "./backoff.ts";
export type { Shutdown } from "./family.ts";

// Messaging
export type { MessageBroker, RequestOptions, SubscribeOptions, Subscription, TopicHandle } from "./message-broker.ts";
export type { BrokerOptions } from "./local-broker.ts";
export type { Delivery, RedeliveryOptions } from "./delivery.ts";
export type { Quota, QuotaAction, QuotaSubject, RateLimit } from "./quota.ts";
export type { Interceptor } from "./interceptor.ts";
export { broadcast, consistentHash, leastMailbox, randomly, roundRobin, type Routees } from "./router.ts";
export type { Envelope, EnvelopeKind, EnvelopeOptions } from "./envelope.ts";

// What happened
export type { DeadLetter } from "./dead-letter.ts";
export type { DeadLetterReason } from "./dead-letter-reason.ts";
export type { DeadLetterOptions, DeadLetters } from "./dead-letters.ts";
export type { EventStream } from "./event-stream.ts";
export type { LifecycleEvent, LifecycleEventOf, LifecycleEventType } from "./lifecycle-event.ts";
export {
  ActorCrashedError,
  ActorKilledError,
  ActorStartError,
  ActorStoppedError,
  AlreadyRegisteredError,
  AskCycleError,
  AskTimeoutError,
  BarredError,
  BrokerNotPermittedError,
  ChildRunningError,
  ConformanceError,
  DuplicateIdError,
  EnvelopeRejectedError,
  ForeignRefError,
  HealthCheckFailedError,
  InFlightExceededError,
  InvalidMessageError,
  InvalidOptionError,
  InvalidTopicError,
  LinkedActorError,
  MailboxFullError,
  NoRouteeError,
  PayloadTooLargeError,
  RateExceededError,
  RecipientNotFoundError,
  RestartIntensityExceededError,
  RtError,
  StashFullError,
  SupervisorStoppedError,
  SystemStoppedError,
  TooManyChildrenError,
  UnknownChildError,
  type RtErrorCode,
} from "./errors.ts";
