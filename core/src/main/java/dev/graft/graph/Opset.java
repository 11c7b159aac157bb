package dev.graft.graph;

import java.util.Map;

/**
 * An {@code OperatorSetIdProto}.
 *
 * @param plain whether writing domain and version gives all that was read
 */
record Opset(String domain, long version, boolean plain) {
    static Opset read(Wire wire) {
        String domain = "";
        long version = 0;
        int seen = 0;
        int fields = 0;
        while (wire.next()) {
            fields++;
            switch (wire.number()) {
                case 1 -> {
                    domain = wire.text();
                    seen |= 1;
                }
                case 2 -> {
                    version = wire.whole();
                    seen |= 2;
                }
                default -> seen |= 4;
            }
        }
        boolean alias = domain.equals("ai.onnx");
        return new Opset(alias ? "" : domain, version, seen == 3 && fields == 2 && !alias);
    }

    /** Adds this to the sets known so far, and says whether it is plain. */
    boolean into(Map<String, Long> opsets, Wire wire) {
        Long known = opsets.putIfAbsent(domain, version);
        if (known != null && known != version) {
            throw wire.wrong("operator set '" + domain + "' is asked for in versions " + known + " and " + version
                    + "; export the model again");
        }
        return plain;
    }

    static Output write(String domain, long version) {
        return new Output(Extras.NONE).textAlways(1, domain).whole(2, version);
    }
}
