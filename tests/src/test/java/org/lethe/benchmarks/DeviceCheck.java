package org.lethe.benchmarks;

import java.util.Locale;
import org.lethe.compute.Products;
import org.lethe.compute.selection.BackendSettings;
import org.lethe.compute.selection.BackendSettings.Choice;
import org.lethe.compute.selection.DeviceReport;
import org.lethe.compute.selection.SelfTest;
import org.lethe.error.ExitClass;
import org.lethe.error.LetheException;

/**
 * Describes the first CUDA device and compares its arithmetic with the CPU's, as {@code lethe
 * doctor} does. Prints an error and exits with its class's status if the device is not usable.
 */
public final class DeviceCheck {
  private DeviceCheck() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    try {
      boolean right = true;
      for (Products products : Products.values()) {
        right &= isRight(products);
      }
      System.exit((right ? ExitClass.SUCCESS : ExitClass.PLATFORM).status());
    } catch (LetheException e) {
      System.out.println(e.exitClass() + ": " + e.getMessage());
      System.exit(e.exitClass().status());
    }
  }

  private static boolean isRight(Products products) {
    DeviceReport report = DeviceReport.of(new BackendSettings(Choice.CUDA, products, ""));
    System.out.printf(
        Locale.ROOT,
        "%s: %s, driver %s, cuBLAS %s, %d kernels; %d operations differ by at most %.1e%n",
        products,
        report.device(),
        report.driver(),
        report.cublas(),
        report.kernels(),
        report.results().size(),
        report.largest());
    for (SelfTest.Result wrong : report.wrong()) {
      System.out.printf(
          Locale.ROOT,
          "WRONG: %s in %s differs by %.1e%n",
          wrong.operation(),
          products,
          wrong.difference());
    }
    return report.wrong().isEmpty();
  }
}
