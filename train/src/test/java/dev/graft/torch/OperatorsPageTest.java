package dev.graft.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class OperatorsPageTest {
    @Test
    void thePageSaysWhatTheTableHolds() throws IOException {
        if (System.getProperty("graft.write") != null) {
            OperatorsPage.write();
        }
        assertThat(OperatorsPage.onDisk())
                .as("OPERATORS.md is stale: run this test with -Dgraft.write")
                .isEqualTo(OperatorsPage.text());
    }
}
