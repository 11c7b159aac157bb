package dev.graft.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles of every version that was ever written, committed as they were, stay readable. */
class BundleVersionsTest {
    @Test
    void version1IsRead(@TempDir Path folder) throws IOException {
        Bundle bundle = Bundle.open(BundleFixture.copy("v1", folder));
        assertThat(bundle.manifest().format()).isEqualTo(1);
        assertThat(bundle.manifest().task()).isEqualTo("text-classification");
        assertThat(bundle.manifest().labels()).containsExactly("card", "transfer", "other");
        assertThat(bundle.manifest().provenance().model().licence()).isEqualTo("Apache-2.0");
        assertThat(bundle.parity()).isEqualTo(TinyBundle.parity());
        assertThat(bundle.graph().nodes()).hasSize(8);
    }
}
