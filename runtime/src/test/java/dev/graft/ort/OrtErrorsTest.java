package dev.graft.ort;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import org.junit.jupiter.api.Test;

class OrtErrorsTest {
    @Test
    void theNodeIsNamedAndTheSourceLineIsNot() {
        var error = new OrtException("Error code - ORT_INVALID_ARGUMENT - message: Non-zero status code returned while"
                + " running Gather node. Name:'/e/Gather' Status Message: indices element out of data bounds, idx=99"
                + " must be within the inclusive range [-4,3]");
        assertThat(OrtErrors.translated("ONNX Runtime failed", error))
                .hasMessage("ONNX Runtime failed at node '/e/Gather' (Gather): indices element out of data bounds,"
                        + " idx=99 must be within the inclusive range [-4,3]");
    }

    @Test
    void anErrorWithoutANodeIsKeptWhole() {
        assertThat(OrtErrors.translated("It failed", new OrtException("out of memory")))
                .hasMessageContaining("It failed: ")
                .hasMessageContaining("out of memory");
    }
}
