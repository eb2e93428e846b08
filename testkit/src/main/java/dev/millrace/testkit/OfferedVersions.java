package dev.millrace.testkit;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Which versions the nodes speak. Guarded by the cluster's lock. */
final class OfferedVersions {

    private final Map<Api, Integer> highest = new EnumMap<>(Api.class);
    private final Map<Integer, Map<Api, Integer>> highestOfNode = new HashMap<>();

    void limit(Api api, int maxVersion) {
        check(api, maxVersion);
        highest.put(api, maxVersion);
    }

    void limit(int node, Api api, int maxVersion) {
        check(api, maxVersion);
        highestOfNode.computeIfAbsent(node, ignored -> new EnumMap<>(Api.class)).put(api, maxVersion);
    }

    int highest(int node, Api api) {
        int ofCluster = highest.getOrDefault(api, api.maxVersion());
        return highestOfNode.getOrDefault(node, Map.of()).getOrDefault(api, ofCluster);
    }

    boolean speaks(int node, Api api, int version) {
        return version >= api.minVersion() && version <= highest(node, api);
    }

    private static void check(Api api, int maxVersion) {
        if (maxVersion < api.minVersion() || maxVersion > api.maxVersion()) {
            throw new IllegalArgumentException("version the fake cluster cannot speak: api=" + api + " version="
                    + maxVersion + " versions=" + api.minVersion() + "-" + api.maxVersion());
        }
    }
}
