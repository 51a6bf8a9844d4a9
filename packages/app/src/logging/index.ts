/** What a service writes into its log. */
export { loggingObserver } from './loggingObserver.ts';
export { isLogLevel, LOG_LEVELS, serviceLogger, type LogLevel } from './serviceLogger.ts';
