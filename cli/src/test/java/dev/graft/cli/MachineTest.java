package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.torch.Processor;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void theFindingSaysWhetherBfloat16IsWorthwhile() {
        assertThat(Machine.bfloat16(new Processor(Set.of("avx2", "avx512_bf16")))
                        .text())
                .contains("fast", "computes in it");
        assertThat(Machine.bfloat16(new Processor(Set.of("avx2"))).text()).contains("no gain", "fp32");
    }
}
