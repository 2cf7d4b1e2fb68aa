# Golden values for the subtraction of modules, computed from the formulas with numpy only.
import numpy as np
np.set_printoptions(precision=17, floatmode='unique')
def formula(rows, cols, k):
    i = np.arange(rows)[:, None]; j = np.arange(cols)[None, :]
    return np.round(np.sin(1.7*i + 0.9*j*j + k) * 0.5 + np.cos(0.3*i*j + 2*k) * 0.25, 6)
def unit(v):
    return v / np.linalg.norm(v, axis=1, keepdims=True)
W = formula(4, 6, 1)
Af, Bf = formula(2, 6, 2), formula(4, 2, 3)
Ar, Br = formula(2, 6, 4), formula(4, 2, 5)
s = 2.0
Df, Dr = s*Bf@Af, s*Br@Ar
lf, lr = 0.3, 0.2
def show(name, m):
    print('  // ' + name); print('  ' + ', '.join(repr(float(x)) for x in m.ravel()))
show('plain', W - lf*Df + lr*Dr)
u = unit(unit(Dr) + unit(Df))
ext = Df - (Df*u).sum(1, keepdims=True)*u
show('ext-sub', W + lr*Dr - lf*ext)
for base, name, plus in ((W, 'ethos', 0), (W + lr*Dr, 'ethos with retain', lr)):
    U, S, Vt = np.linalg.svd(base, full_matrices=False)
    C = U.T @ Df @ Vt.T
    C[np.abs(C) < 0.3*np.abs(C).max()] = 0
    show(name + ' threshold 0.3', W + plus*Dr - lf*U@C@Vt)
    print(np.abs(U.T@Df@Vt.T)/np.abs(U.T@Df@Vt.T).max())
Q1, _ = np.linalg.qr(Af.T); Q2, _ = np.linalg.qr(Ar.T)
print('largest principal cosine', np.linalg.svd(Q1.T@Q2)[1].max())
print('penalty', np.abs(unit(Af)@Ar.T).mean())
