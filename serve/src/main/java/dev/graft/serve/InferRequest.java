package dev.graft.serve;

import dev.graft.predict.Terms;
import java.util.List;

/**
 * An inference request of the Open Inference Protocol, however it came.
 *
 * @param id the caller's name of the request; empty for none
 * @param outputs the names of what is asked for; empty for everything
 */
record InferRequest(String id, List<InferTensor> inputs, List<String> outputs, Terms terms) {
    InferRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
