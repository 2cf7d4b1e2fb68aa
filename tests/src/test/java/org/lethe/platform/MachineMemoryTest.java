package org.lethe.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MachineMemoryTest {
  private static final long GB = 1L << 30;

  @Test
  void spareMemoryIsWhatMachineAndContainerLeaveWhenTheHeapIsFull() {
    // The heap may grow by 3 GB; the machine has 20 GB free, the container 16 - 6 GB.
    assertThat(new MachineMemory(64 * GB, 16 * GB, 4 * GB, 20 * GB, 6 * GB, GB).spare())
        .isEqualTo(7 * GB);
    assertThat(new MachineMemory(64 * GB, 64 * GB, 4 * GB, 5 * GB, 6 * GB, GB).spare())
        .isEqualTo(2 * GB);
  }

  @Test
  void noMemoryIsSpareIfTheHeapMayTakeItOrTheSizeOfTheProcessIsUnknown() {
    assertThat(new MachineMemory(8 * GB, 8 * GB, 4 * GB, 2 * GB, 5 * GB, GB).spare()).isZero();
    assertThat(new MachineMemory(8 * GB, 8 * GB, GB, 6 * GB, 8 * GB, GB).spare()).isZero();
  }

  @Test
  void theMemoryOfThisProcessIsKnown() {
    MachineMemory memory = MachineMemory.ofProcess();
    assertThat(memory.resident()).isPositive().isLessThanOrEqualTo(memory.physical());
    assertThat(memory.committed()).isPositive().isLessThanOrEqualTo(memory.heap());
  }
}
