def step(theta, d):
    return theta - d
def step(theta, d):
    return theta - d
def step(theta, d):
    return theta - d
