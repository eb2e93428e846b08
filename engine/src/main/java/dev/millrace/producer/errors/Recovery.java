package dev.millrace.producer.errors;

/** What a caller can do about a failure. */
public enum Recovery {
    /** The same call may succeed later. */
    RETRY,
    /** Something about this record must change; others are not concerned. */
    CHANGE_RECORD,
    /** The configuration must change. */
    CHANGE_CONFIGURATION,
    /** An operator must change something on the cluster: create a topic, grant an ACL. */
    CHANGE_CLUSTER,
    /** This producer is of no further use. */
    NEW_PRODUCER
}
