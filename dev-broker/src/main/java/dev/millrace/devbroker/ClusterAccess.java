package dev.millrace.devbroker;

import java.util.Map;
import java.util.Set;

/**
 * Who may log in to a cluster, and whether it controls what they do.
 *
 * @param users passwords by name, for PLAIN and SCRAM
 * @param acls whether access is controlled
 * @param superUsers names that may do everything
 */
record ClusterAccess(Map<String, String> users, boolean acls, Set<String> superUsers) {
    /** Names of users without their passwords. */
    @Override
    public String toString() {
        return "ClusterAccess[users=" + users.keySet() + " acls=" + acls + " superUsers=" + superUsers + "]";
    }
}
