package dev.millrace.testkit;

import dev.millrace.testkit.ConsumerRequests.ConsumerRequest;
import dev.millrace.testkit.ConsumerRequests.CreateTopics;
import dev.millrace.testkit.ConsumerRequests.DeleteTopics;
import dev.millrace.testkit.ConsumerRequests.Fetch;
import dev.millrace.testkit.ConsumerRequests.JoinGroup;
import dev.millrace.testkit.ConsumerRequests.ListOffsets;
import dev.millrace.testkit.ConsumerRequests.Membership;
import dev.millrace.testkit.ConsumerRequests.OffsetCommit;
import dev.millrace.testkit.ConsumerRequests.OffsetFetch;

/**
 * Who answers what a producer never asks. Guarded by the cluster's lock.
 *
 * @param fetching records and offsets
 * @param groups consumer groups
 * @param topics their creation and deletion
 */
record ConsumerServices(FetchService fetching, GroupService groups, TopicAdminService topics) {

    Answer answer(ReceivedRequest received, ConsumerRequest any) {
        if (any instanceof Fetch request) {
            return fetching.answer(received, request);
        }
        if (any instanceof ListOffsets request) {
            return fetching.answer(received, request);
        }
        if (any instanceof JoinGroup request) {
            return groups.answer(received, request);
        }
        if (any instanceof OffsetCommit request) {
            return groups.answer(received, request);
        }
        if (any instanceof OffsetFetch request) {
            return groups.answer(received, request);
        }
        if (any instanceof CreateTopics request) {
            return topics.answer(received, request);
        }
        if (any instanceof DeleteTopics request) {
            return topics.answer(received, request);
        }
        return groups.answer(received, (Membership) any);
    }
}
