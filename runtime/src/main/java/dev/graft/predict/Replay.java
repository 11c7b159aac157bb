package dev.graft.predict;

import dev.graft.InputException;
import dev.graft.bundle.Bundle;
import dev.graft.bundle.Parity;
import dev.graft.data.Encoding;
import java.util.List;

/** Computes a bundle's parity examples again. */
final class Replay {
    private Replay() {}

    /**
     * Refuses a bundle that does not compute here what training computed.
     *
     * @throws InputException if a text has other tokens, or outputs beyond the tolerance
     */
    static void check(TextModel model, PredictorSettings settings) {
        Bundle bundle = model.bundle();
        var scorer = new Scorer(model, settings.batchSize());
        String source = "The bundle " + bundle.folder();
        Parity parity = bundle.parity();
        List<Encoding> encodings = scorer.encode(parity.texts());
        parity.checkTokens(source, encodings);
        List<float[]> outputs = scorer.scoreAll(encodings);
        int labels = bundle.manifest().labels().size();
        if (outputs.get(0).length != labels) {
            throw new InputException(source + " has " + labels + " labels, but its model gives " + outputs.get(0).length
                    + " values a text");
        }
        if (settings.engine().exact()) {
            parity.checkOutputs(source, outputs);
        } else {
            new RoundedParity(source, settings.engine().precision(), model.reading(), parity).check(outputs);
        }
    }
}
