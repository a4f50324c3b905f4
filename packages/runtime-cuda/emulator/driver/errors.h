// errors: the results of the driver API
#pragma once

enum Result : int {
  success = 0, invalidValue = 1, outOfMemory = 2, notInitialized = 3, noDevice = 100, invalidDevice = 101, invalidImage = 200,
  invalidContext = 201, noBinary = 209, invalidPtx = 218, unsupportedPtx = 222, fileNotFound = 301, invalidHandle = 400, illegalState = 401,
  notFound = 500, notReady = 600, illegalAddress = 700, launchOutOfResources = 701, launchTimeout = 702, assertFailed = 710, hostAlreadyRegistered = 712,
  hostNotRegistered = 713, misalignedAddress = 716, launchFailed = 719, cooperativeTooLarge = 720, notPermitted = 800, notSupported = 801,
  captureUnsupported = 900, captureInvalidated = 901, captureMerge = 902, captureUnmatched = 903, captureUnjoined = 904, captureIsolation = 905,
  captureImplicit = 906, capturedEvent = 907, captureWrongThread = 908, graphUpdateFailure = 910, unknownError = 999,
};

const char* resultName(int result);
const char* resultText(int result);
