package dev.graft.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MavenJarsTest {
    @Test
    void withoutSettingsTheRepositoryOfMavensSuperPomIsAsked() {
        assertThat(MavenJars.repositories()).singleElement().satisfies(repository -> {
            assertThat(repository.getId()).isEqualTo("central");
            assertThat(repository.getUrl()).startsWith("https://");
        });
    }
}
