package dev.graft.graph;

import java.util.Map;

/**
 * A {@code StringStringEntryProto}.
 *
 * @param plain whether writing key and value gives all that was read
 */
record Entry(String key, String value, boolean plain) {
    static Entry read(Wire wire) {
        String key = "";
        String value = "";
        int seen = 0;
        int fields = 0;
        while (wire.next()) {
            fields++;
            switch (wire.number()) {
                case 1 -> {
                    key = wire.text();
                    seen |= 1;
                }
                case 2 -> {
                    value = wire.text();
                    seen |= 2;
                }
                default -> seen |= 4;
            }
        }
        return new Entry(key, value, seen == 3 && fields == 2);
    }

    void into(Map<String, String> entries) {
        entries.put(key, value);
    }

    static Output write(String key, String value) {
        return new Output(Extras.NONE).textAlways(1, key).textAlways(2, value);
    }
}
