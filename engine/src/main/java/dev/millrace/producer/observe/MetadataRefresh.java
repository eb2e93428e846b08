package dev.millrace.producer.observe;

import org.jspecify.annotations.Nullable;

/**
 * The cluster was described anew, or an attempt to have it described has failed.
 *
 * @param nodes how many nodes the cluster has, as far as known
 * @param topics how many topics are known
 * @param clusterId what the cluster calls itself; null if it has not said
 * @param problem what went wrong, for a human; null if nothing did
 */
public record MetadataRefresh(int nodes, int topics, @Nullable String clusterId, @Nullable String problem) {}
