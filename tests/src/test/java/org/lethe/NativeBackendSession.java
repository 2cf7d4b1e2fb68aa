package org.lethe;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.lethe.tensor.NativeBackend;

/** Chooses the native binary before any test loads ND4J, as every command does. */
public final class NativeBackendSession implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    NativeBackend.prepare();
  }
}
