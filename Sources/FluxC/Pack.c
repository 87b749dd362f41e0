#include "FluxC.h"
